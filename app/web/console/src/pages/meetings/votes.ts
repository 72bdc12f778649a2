import { api, type Full, type Schemas, take } from '@gonghui/api';
import type { T } from '@gonghui/ui';
import { dateTime } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { meetingKeys } from './meetings.ts';

export type Vote = Full<Schemas['Vote']>;
export type Voter = Full<Schemas['Voter']>;

/** The polls, ballots and sign-ins of a meeting, in the order in which they were made. */
export function useVotes(id: string) {
  return useInfiniteQuery({
    queryKey: [...meetingKeys.list, 'votes', id],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/meetings/{id}/votes', {
          params: { path: { id }, query: { pageSize: 100, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
}

/** Everybody of the list of a vote. */
export async function votersOf(id: string, vote: string): Promise<Voter[]> {
  const all: Voter[] = [];
  for (let pageToken = ''; ; ) {
    const page = await take(
      api.GET('/v1/meetings/{id}/voters', { params: { path: { id }, query: { vote, pageToken } } }),
    );
    all.push(...(page.voters as Voter[]));
    if (!page.nextPageToken) return all;
    pageToken = page.nextPageToken;
  }
}

/** What came of a vote, as a key of its wording. */
export function verdictOf({
  state,
  result,
}: Pick<Vote, 'state'> & { result?: { quorate: boolean; passed: boolean } | null }): string {
  if (state === 'void') return 'void';
  if (state !== 'done' || !result) return 'open';
  if (!result.quorate) return 'noQuorum';
  return result.passed ? 'passed' : 'notPassed';
}

/** A cell of a CSV file; what a spreadsheet would take for a formula is text. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export const csv = (rows: string[][]) => `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** The results of all votes, a line an option. */
export function resultRows(votes: readonly Vote[], t: T): string[][] {
  const head = ['vote', 'kind', 'option', 'votes'].map((key) => t(`meetingVotes.head.${key}`));
  return [
    head,
    ...votes.flatMap((vote) =>
      vote.options.map((option, i) => [
        vote.question,
        t(`meetingVotes.kind.${vote.kind}`),
        option,
        vote.result ? String(vote.result.votes[i] ?? 0) : '',
      ]),
    ),
  ];
}

/** The list of one vote: who, when, and in a poll by name what. */
export function voterRows(vote: Vote, voters: readonly Voter[], t: T): string[][] {
  const head = ['name', 'body', 'at', 'choice'].map((key) => t(`meetingVotes.head.${key}`));
  return [
    head,
    ...voters.map(({ name, body, at, choice }) => [
      name,
      body,
      at ? dateTime(at) : '',
      choice.map((no) => vote.options[no - 1] ?? '').join(t('meetingVotes.names')),
    ]),
  ];
}

/** Gives a text to the person as a file. */
export function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
