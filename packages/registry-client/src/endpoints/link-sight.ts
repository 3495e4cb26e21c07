/** What is known of the `Link` headers of an endpoint on a platform that hides headers: browsers show only those that a registry exposes. */
export interface LinkSight {
  /** One has been seen, or the caller says that they are exposed: where none is seen, there is none. */
  shown: boolean;
}
