export const DATE_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
export const DATE_ACCEPTS = 'a date such as 2027-03-01';

/** True for an existing day of the Gregorian calendar, as `2027-03-01`. */
export function isDate(text: string): boolean {
  if (!new RegExp(DATE_PATTERN).test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  // The zeroth day of the next month is the last one of this month.
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  );
}
