import type { PluginNames } from './names.js';

/** What a new plugin needs beside the hub; versions as in the hub's own package. */
export interface PluginVersions {
  readonly signalbox: string;
  readonly [dependency: string]: string;
}

/** What a new plugin runs with, and is built with. */
export const DEPENDENCIES = ['@nestjs/common', 'class-validator'] as const;
export const BUILD_DEPENDENCIES = ['@types/node', 'typescript'] as const;

/** Everything around the plugin's code, by path. */
export function packageFiles(names: PluginNames, versions: PluginVersions): Readonly<Record<string, string>> {
  return {
    'package.json': packageJson(names, versions),
    'tsconfig.json': TSCONFIG,
    '.gitignore': 'dist/\nnode_modules/\n',
    'README.md': readme(names),
  };
}

function packageJson({ plugin }: PluginNames, versions: PluginVersions): string {
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, versions[name]]));
  const content = {
    name: plugin,
    version: '0.1.0',
    private: true,
    type: 'module',
    main: './dist/src/index.js',
    scripts: { build: 'tsc', test: 'tsc && node --test dist/test/*.test.js' },
    dependencies: { ...pick(DEPENDENCIES), signalbox: versions.signalbox },
    devDependencies: pick(BUILD_DEPENDENCIES),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "lib": ["ES2023"],
    "types": ["node"],
    "rootDir": ".",
    "outDir": "dist",
    "strict": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "useDefineForClassFields": false,
    "sourceMap": true,
    "skipLibCheck": true
  },
  "include": ["src", "test"]
}
`;

function readme({ plugin }: PluginNames): string {
  return `# ${plugin}

Switches the fan of a device on when it is too warm, and off when it has not been for a quarter of an hour.

A device posts an event \`temperature\` with \`{"celsius": 31}\`. Above the limit it gets the command \`fan.set\` with
\`{"on": true}\`, and \`{"on": false}\` 15 minutes after the last report above it.

| setting | default | is |
|---|---|---|
| \`limit\` | \`30\` | degrees Celsius above which the fan goes on, from -200 to 1000 |

\`\`\`sh
npm install
npm test
\`\`\`

Then switch it on in \`signalbox.yaml\`, beside the folder \`plugins\`, and start the hub:

\`\`\`yaml
plugins:
  ${plugin}:
    config: { limit: 26 }
\`\`\`
`;
}
