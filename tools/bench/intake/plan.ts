/** How long and how much: the full run, and the quick one that only shows that everything works. */
export interface Plan {
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly bills: number;
  /** Paid before anything is measured: on empty tables PostgreSQL plans scans that a gateway in use never sees. */
  readonly earlierPayments: number;
  /** Messages of one measurement; it ends with them or with its seconds. */
  readonly messages: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly anchorSeconds: number;
  readonly chainSeconds: number;
  /** Seeded bills and payments of the size figure; 0 leaves it out. */
  readonly size: number;
  /** Empty: all. */
  readonly only: readonly string[];
}

export const fullPlan: Plan = {
  isQuick: false,
  rounds: 3,
  bills: 200_000,
  earlierPayments: 50_000,
  messages: 60_000,
  seconds: 10,
  warmUp: 3_000,
  anchorSeconds: 3,
  chainSeconds: 300,
  size: 0,
  only: [],
};

export const quickPlan: Plan = {
  ...fullPlan,
  isQuick: true,
  rounds: 1,
  bills: 20_000,
  earlierPayments: 5_000,
  messages: 4_000,
  seconds: 2,
  warmUp: 300,
  anchorSeconds: 1,
  chainSeconds: 10,
};
