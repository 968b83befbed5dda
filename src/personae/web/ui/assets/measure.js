// Choosing a collection or a film shows its figures at once.

import { ready } from "./frame.js";

ready("#pm-filter").then((form) =>
  form.addEventListener("change", (event) => {
    // Another collection holds other films
    if (event.target.name === "collection") form.elements.media.value = "";
    for (const field of form.elements) field.disabled = !field.value;
    form.submit();
  }));
