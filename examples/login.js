// The example login page's own script: every attempt is refused, and nothing is sent.

const form = document.querySelector("#sign-in");
const error = document.querySelector("#sign-in-error");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const field of form.querySelectorAll("input")) {
    field.setAttribute("aria-invalid", "true");
  }
  error.textContent = "Invalid email or password";
});

form.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));
