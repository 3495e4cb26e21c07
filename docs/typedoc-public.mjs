// Entries named `internal` promise nothing (decision 270), so the reference leaves them out.
// What a public declaration only mentions is described beside it; what is another package's, there.
export function load(app) {
  const { converter } = app;
  const entryPoints = app.getEntryPoints.bind(app);
  app.getEntryPoints = () => entryPoints()?.filter(({ displayName }) => !/^internal(?:\/|$)/.test(displayName));

  const convert = converter.convertSymbol.bind(converter);
  converter.convertSymbol = (context, symbol, exported) => {
    const own = (node) => node.getSourceFile().fileName.startsWith(`${app.options.packageDir}/`);
    if (exported !== undefined || (symbol.declarations ?? []).some(own)) convert(context, symbol, exported);
  };
}
