/** The version of these packages, which are released together; a test keeps it equal to the package's. */
export const packagesVersion = '0.1.0';
