// The path that all addresses of the site begin with: "" or, say, "/garden".

export const root = document.documentElement.dataset.root ?? "";
