export { default } from "../../ui/messages/fr.json";
