import type { ReactNode } from 'react';
import { markTile } from './markTile.ts';

interface Props {
  text: string;
  children: ReactNode;
}

/** Lays a text over what it holds, again and again, so that every picture of it says who took it. Readers hear it once. */
export function Watermark({ text, children }: Props) {
  return (
    <div className="watermarked">
      {children}
      <p className="unseen">{text}</p>
      <div className="watermark" aria-hidden style={{ maskImage: markTile(text), WebkitMaskImage: markTile(text) }} />
    </div>
  );
}
