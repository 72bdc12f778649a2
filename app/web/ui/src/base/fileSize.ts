/** 1.4 MB; files are counted in thousands, as file managers do. */
export function fileSize(bytes: number | string): string {
  let n = Number(bytes);
  for (const unit of ['B', 'KB', 'MB']) {
    if (n < 1000) return `${n < 10 && unit !== 'B' ? n.toFixed(1) : Math.round(n)} ${unit}`;
    n /= 1000;
  }
  return `${n.toFixed(1)} GB`;
}
