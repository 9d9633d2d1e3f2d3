import type { Arm } from '@downhaul/engine';
import type { UnitColumns } from './unit-columns.ts';

/** What a unit begins with. */
export interface NewUnit {
  /** `unitHash`: 16 hexadecimal digits. */
  readonly unit: string;
  readonly arm: Arm;
  readonly allocation: number;
  readonly firstAtMs: number;
  readonly entered: number;
  readonly fresh: boolean;
  readonly contradicted: boolean;
  readonly early: boolean;
  readonly treatedBefore: boolean;
  readonly shareBefore: number;
  readonly slices: number;
  readonly outcomes: number[] | undefined;
  readonly series: number[] | undefined;
}

/** Bits of a row's marks. */
const TREATMENT = 1;
const FRESH = 2;
const CONTRADICTED = 4;
const EARLY = 8;
const TREATED_BEFORE = 16;
/** The number of closed horizons, and above it the allocation. */
const ENTERED_SHIFT = 8;
const ENTERED_BITS = 0xff;
const ALLOCATION_SHIFT = 16;
const ALLOCATION_BITS = 0xffff;

/** A unit of a cohort: a window on one row of its table. Two windows on the same row see the same unit. */
export class UnitRecord implements NewUnit {
  readonly #columns: UnitColumns;
  readonly row: number;

  constructor(columns: UnitColumns, row: number) {
    this.#columns = columns;
    this.row = row;
  }

  get unit(): string {
    return hex(this.high) + hex(this.low);
  }

  /** The first 32 bits of its hash. */
  get high(): number {
    return this.#columns.hash.high.at(this.row);
  }

  /** The other 32. */
  get low(): number {
    return this.#columns.hash.low.at(this.row);
  }

  get arm(): Arm {
    return this.#has(TREATMENT) ? 'treatment' : 'control';
  }

  set arm(arm: Arm) {
    this.#mark(TREATMENT, arm === 'treatment');
  }

  /** Index in the allocations: the unit's stratum. */
  get allocation(): number {
    return (this.#marks >>> ALLOCATION_SHIFT) & ALLOCATION_BITS;
  }

  set allocation(allocation: number) {
    this.#marks =
      (this.#marks & ~(ALLOCATION_BITS << ALLOCATION_SHIFT)) | (allocation << ALLOCATION_SHIFT);
  }

  get firstAtMs(): number {
    return this.#columns.firstAtMs.at(this.row);
  }

  set firstAtMs(atMs: number) {
    this.#columns.firstAtMs.set(this.row, atMs);
  }

  /** Horizons closed so far, the shortest first. */
  get entered(): number {
    return (this.#marks >>> ENTERED_SHIFT) & ENTERED_BITS;
  }

  set entered(entered: number) {
    this.#marks = (this.#marks & ~(ENTERED_BITS << ENTERED_SHIFT)) | (entered << ENTERED_SHIFT);
  }

  /** False once a closed batch has counted the assignment: arm and beginning stand from then on. */
  get fresh(): boolean {
    return this.#has(FRESH);
  }

  set fresh(fresh: boolean) {
    this.#mark(FRESH, fresh);
  }

  get contradicted(): boolean {
    return this.#has(CONTRADICTED);
  }

  set contradicted(contradicted: boolean) {
    this.#mark(CONTRADICTED, contradicted);
  }

  get early(): boolean {
    return this.#has(EARLY);
  }

  set early(early: boolean) {
    this.#mark(EARLY, early);
  }

  /** In treatment at an earlier stage; told when a batch counts the assignment, and stands from then on. */
  get treatedBefore(): boolean {
    return this.#has(TREATED_BEFORE);
  }

  set treatedBefore(treatedBefore: boolean) {
    this.#mark(TREATED_BEFORE, treatedBefore);
  }

  /** The largest share per million at which an earlier stage saw the unit; 0 where none did. */
  get shareBefore(): number {
    return this.#columns.shareBefore.at(this.row);
  }

  set shareBefore(sharePerMillion: number) {
    this.#columns.shareBefore.set(this.row, sharePerMillion);
  }

  /** What the first exposure says of the plan's slices, see `slice-dimension.ts`. */
  get slices(): number {
    return this.#columns.slices.at(this.row);
  }

  set slices(code: number) {
    this.#columns.setSlices(this.row, code);
  }

  /** What happened to the unit and may still matter, see `unit-outcomes.ts`. */
  get outcomes(): number[] | undefined {
    return this.#columns.outcomes.get(this.row);
  }

  set outcomes(outcomes: number[] | undefined) {
    if (outcomes === undefined) this.#columns.outcomes.delete(this.row);
    else this.#columns.outcomes.set(this.row, outcomes);
  }

  /** Figures and times, where a metric needs more than the worst outcome: `unit-series.ts`. */
  get series(): number[] | undefined {
    return this.#columns.series.get(this.row);
  }

  set series(series: number[] | undefined) {
    if (series === undefined) this.#columns.series.delete(this.row);
    else this.#columns.series.set(this.row, series);
  }

  /** Sets everything that a unit begins with. */
  begin(unit: NewUnit): void {
    this.#marks =
      (unit.arm === 'treatment' ? TREATMENT : 0) |
      (unit.fresh ? FRESH : 0) |
      (unit.contradicted ? CONTRADICTED : 0) |
      (unit.early ? EARLY : 0) |
      (unit.treatedBefore ? TREATED_BEFORE : 0) |
      (unit.entered << ENTERED_SHIFT) |
      (unit.allocation << ALLOCATION_SHIFT);
    this.firstAtMs = unit.firstAtMs;
    this.shareBefore = unit.shareBefore;
    this.slices = unit.slices;
    if (unit.outcomes !== undefined) this.outcomes = unit.outcomes;
    if (unit.series !== undefined) this.series = unit.series;
  }

  get #marks(): number {
    return this.#columns.marks.at(this.row);
  }

  set #marks(marks: number) {
    this.#columns.marks.set(this.row, marks);
  }

  #has(mark: number): boolean {
    return (this.#marks & mark) !== 0;
  }

  #mark(mark: number, is: boolean): void {
    this.#marks = is ? this.#marks | mark : this.#marks & ~mark;
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
