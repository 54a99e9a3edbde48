/** The answer to a change of points; `acknowledged` promises nothing about the disk. */
export const updateResult = (version: number, wait: boolean): { operation_id: number; status: string } => ({
  operation_id: version,
  status: wait ? 'completed' : 'acknowledged',
});
