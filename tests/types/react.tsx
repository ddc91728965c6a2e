// The element in React's JSX: one line tells React of it.
import type { UnstuckHelp, UnstuckJsx } from "../../dist/element.js";
import { useRef } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "unstuck-help": UnstuckJsx;
    }
  }
}

export function Help() {
  const help = useRef<UnstuckHelp>(null);
  return (
    <unstuck-help ref={help} area="billing" mode="panel" onunstuck-toggled={() => help.current?.reset()}>
      <a href="/help">Billing help</a>
    </unstuck-help>
  );
}

// @ts-expect-error not one of the modes
export const wrong = <unstuck-help mode="modal" />;
