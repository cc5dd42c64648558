import { OneOf, Section, Size, Switch, Text, type Written } from './key-rules.js';

/** Names are folders of `plugins/`: nothing that leads out of it. */
export const PLUGIN_NAME = /^[A-Za-z\d][\w.-]{0,127}$/;

/** The keys of a plugin's entry in `plugins`. */
export class PluginKeys {
  @Switch()
  enabled: Written = true;

  @FolderOrPackage('plugins/NAME')
  from?: Written;

  @OneOf('inline', 'worker')
  isolation?: Written;

  @Size('32M', '64G')
  max_memory: Written = '128M';

  @Section('mapping', 'empty')
  config?: unknown;

  @FolderOrPackage('none')
  shadow?: Written;

  @Section('mapping', 'as config')
  shadow_config?: unknown;
}

function FolderOrPackage(otherwise: string): PropertyDecorator {
  const sentence = 'A folder ("./mine", "/srv/mine") or the name of an npm package is allowed.';
  return Text('folder or package', /^[^\0]{1,4096}$/, sentence, { otherwise });
}
