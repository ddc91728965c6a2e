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
    <unstuck-help
      ref={help}
      area="billing"
      mode="panel"
      contacts={{ support: { label: "Portal support" } }}
      context={{ account: "A-17" }}
      onunstuck-toggled={({ detail }) => detail.open && help.current?.reset()}
    >
      <a href="/help">Billing help</a>
    </unstuck-help>
  );
}

// @ts-expect-error not one of the modes
export const wrong = <unstuck-help mode="modal" />;

// @ts-expect-error no such detail
export const wrongEvent = <unstuck-help onunstuck-resolved={({ detail }) => detail.entry} />;
// @ts-expect-error a label, not a name
export const wrongContact = <unstuck-help contacts={{ support: { name: "Support" } }} />;
