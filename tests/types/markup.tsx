// The element in JSX where that is global.
import "../../dist/element.js";

export const markup = (
  <unstuck-help area="billing" mode="compact" heading-level={3} private watch=".error" class="help" data-test="1">
    Billing help
  </unstuck-help>
);

// @ts-expect-error not one of the values
export const wrong = <unstuck-help loading="lazy" />;

// @ts-expect-error no such attribute
export const unknown = <unstuck-help knowledge="kb/" />;
