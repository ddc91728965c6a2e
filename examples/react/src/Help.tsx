import { type ReactNode, useEffect, useRef } from "react";
// Registers the element; on a server it does nothing.
import "unstuck";
import type { UnstuckAttributes, UnstuckEventMap, UnstuckHelp, UnstuckProperties } from "unstuck/element.js";

interface Props extends UnstuckAttributes, Pick<UnstuckProperties, "contacts" | "context"> {
  id?: string;
  children?: ReactNode;
  onResolved?: (event: UnstuckEventMap["unstuck-resolved"]) => void;
  onEscalated?: (event: UnstuckEventMap["unstuck-escalated"]) => void;
}

/**
 * The element as a component. Its properties and listeners are set in effects:
 * on an element that it finds in the page, as after rendering on a server,
 * React sets neither (react/react#35446).
 */
export function Help({ contacts, context, onResolved, onEscalated, ...rest }: Props) {
  const element = useRef<UnstuckHelp>(null);
  useEffect(() => {
    Object.assign(element.current!, { contacts, context });
  }, [contacts, context]);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    if (onResolved) element.current!.addEventListener("unstuck-resolved", onResolved, { signal });
    if (onEscalated) element.current!.addEventListener("unstuck-escalated", onEscalated, { signal });
    return () => controller.abort();
  }, [onResolved, onEscalated]);
  return <unstuck-help ref={element} {...rest} />;
}
