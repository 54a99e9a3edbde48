/**
 * An answer, where it comes within `ms`. What comes later, or fails then, is nobody's any more.
 *
 * @throws what `late` makes, where it does not come in time
 */
export async function inTime<T>(
  answer: Promise<T>,
  ms: number,
  late: () => Error = () => new Error('late'),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([answer, over]).finally(() => clearTimeout(timer));
}
