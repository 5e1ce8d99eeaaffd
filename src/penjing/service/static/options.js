// How a file is to be read, as the visitor has it.

const STEPS = ["auto", "stretch", "denoise", "clahe", "binarise", "deskew"];

const $ = (id) => document.getElementById(id);

export function chosenOptions(file) {
  const line = { auto: null, page: false, line: true }[$("line").value];
  const paged = /pdf|tiff/.test(file.type) || /\.(pdf|tiff?)$/i.test(file.name);
  const pages = paged && $("pages").validity.valid && $("pages").value ? $("pages").value : null;
  const steps = Object.fromEntries(STEPS.map((id) => [id, $(id).checked]));
  const [language, turned, fields] = [!$("literal").checked, $("turned").checked, $("fields").checked];
  return { line, pages, language, turned, fields, preview: true, ...steps };
}

// Whether a picture that is read so looks otherwise than before.
export const enhance = (options) => STEPS.some((step) => options[step]);
