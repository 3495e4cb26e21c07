declare const codePages: {
  readonly paths: () => readonly { readonly params: { readonly code: string }; readonly content: string }[];
};
export default codePages;
