/** The sealed record of a closed day; append-only, guarded by triggers and grants. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('day_seal')
export class DaySealRow {
  @PrimaryColumn('date')
  day!: string;

  @Column('text')
  content!: string;
}
