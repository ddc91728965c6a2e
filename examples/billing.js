// The example billing page's own script: every card is declined, and nothing is sent.

const form = document.querySelector("#payment");
const error = document.querySelector("#payment-error");
const number = document.querySelector("#card-number");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  number.setAttribute("aria-invalid", "true");
  error.textContent = "Your card was declined.";
});

number.addEventListener("input", () => number.removeAttribute("aria-invalid"));
