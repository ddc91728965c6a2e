// Tells React's types of the element.
import type { UnstuckJsx } from "unstuck/element.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "unstuck-help": UnstuckJsx;
    }
  }
}
