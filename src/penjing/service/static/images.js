// Pictures as images: the visitor's own file, and the preview that the service sends of a page.

export const preview = (page) => `data:image/jpeg;base64,${page.preview}`;

// An image of a URL; an image stays what it is.
export async function load(source) {
  if (source instanceof Image) return source;
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

// The file as an image, or null: browsers cannot show every format.
export async function original(file) {
  const url = URL.createObjectURL(file);
  try {
    return await load(url);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
