/** Sums over channels, kept as things happen: looking through a million channels would hold up everything else. */
export class Tally {
  /** messages ever published */
  published = 0;
  /** answers to polls that carried a message */
  delivered = 0;
  /** polls that wait now */
  parkedPolls = 0;
}
