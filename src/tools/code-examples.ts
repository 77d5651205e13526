/** One call of the API as code, by the official SDKs, the CLI and Terraform. Keys are read from the environment. */
import { shellQuoted } from '../shell.js';

export const SDKS = ['typescript', 'python', 'go', 'java', 'cli', 'terraform'] as const;
export type Sdk = (typeof SDKS)[number];

export type Call = {
  /** E.g. CreateSslVpnClientCert. */
  action: string;
  parameters: Readonly<Record<string, string>>;
  /** Origin, e.g. https://vpc.aliyuncs.com. */
  endpoint: string;
};

export function codeFor(sdk: Sdk, call: Call): string {
  return WRITERS[sdk](call);
}

const WRITERS: Readonly<Record<Sdk, (call: Call) => string>> = {
  typescript({ action, parameters, endpoint }) {
    const { protocol, host } = parts(endpoint);
    return lines(
      '// npm install @alicloud/vpc20160428 @alicloud/openapi-client',
      "import Vpc, * as $Vpc from '@alicloud/vpc20160428';",
      "import * as $OpenApi from '@alicloud/openapi-client';",
      '',
      'const client = new Vpc(new $OpenApi.Config({',
      '  accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,',
      '  accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,',
      '  securityToken: process.env.ALIBABA_CLOUD_SECURITY_TOKEN,',
      `  endpoint: ${quoted(host)},`,
      `  protocol: ${quoted(protocol)},`,
      '}));',
      `const request = new $Vpc.${action}Request({`,
      ...fields(parameters).map(([name, value]) => `  ${lowerFirst(name)}: ${literal(name, value)},`),
      '});',
      `client.${lowerFirst(action)}(request).then(({ body }) => console.log(JSON.stringify(body)));`,
    );
  },

  python({ action, parameters, endpoint }) {
    const { protocol, host } = parts(endpoint);
    return lines(
      '# pip install alibabacloud_vpc20160428',
      'import os',
      '',
      'from alibabacloud_tea_openapi.models import Config',
      'from alibabacloud_vpc20160428.client import Client',
      'from alibabacloud_vpc20160428 import models',
      '',
      'client = Client(Config(',
      "    access_key_id=os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID'],",
      "    access_key_secret=os.environ['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],",
      "    security_token=os.environ.get('ALIBABA_CLOUD_SECURITY_TOKEN'),",
      `    endpoint=${quoted(host)},`,
      `    protocol=${quoted(protocol)},`,
      '))',
      `request = models.${action}Request(`,
      ...fields(parameters).map(([name, value]) => `    ${snake(name)}=${literal(name, value)},`),
      ')',
      `print(client.${snake(action)}(request).body)`,
    );
  },

  go({ action, parameters, endpoint }) {
    const { protocol, host } = parts(endpoint);
    return lines(
      '// go get github.com/alibabacloud-go/vpc-20160428/v6 github.com/alibabacloud-go/darabonba-openapi/v2',
      'package main',
      '',
      'import (',
      '\t"fmt"',
      '\t"os"',
      '',
      '\topenapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"',
      '\t"github.com/alibabacloud-go/tea/tea"',
      '\tvpc "github.com/alibabacloud-go/vpc-20160428/v6/client"',
      ')',
      '',
      'func main() {',
      '\tconfig := &openapi.Config{',
      '\t\tAccessKeyId:     tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),',
      '\t\tAccessKeySecret: tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),',
      `\t\tEndpoint:        tea.String(${quoted(host)}),`,
      `\t\tProtocol:        tea.String(${quoted(protocol)}),`,
      '\t}',
      '\tif token := os.Getenv("ALIBABA_CLOUD_SECURITY_TOKEN"); token != "" {',
      '\t\tconfig.SecurityToken = tea.String(token)',
      '\t}',
      '\tclient, err := vpc.NewClient(config)',
      '\tif err != nil {',
      '\t\tpanic(err)',
      '\t}',
      `\tresponse, err := client.${action}(&vpc.${action}Request{`,
      ...fields(parameters).map(
        ([name, value]) => `\t\t${name}: tea.${isNumber(name) ? 'Int32' : 'String'}(${literal(name, value)}),`,
      ),
      '\t})',
      '\tif err != nil {',
      '\t\tpanic(err)',
      '\t}',
      '\tfmt.Println(response.Body)',
      '}',
    );
  },

  java({ action, parameters, endpoint }) {
    const { protocol, host } = parts(endpoint);
    return lines(
      '// Maven: com.aliyun:vpc20160428',
      'import com.aliyun.teaopenapi.models.Config;',
      'import com.aliyun.vpc20160428.Client;',
      `import com.aliyun.vpc20160428.models.${action}Request;`,
      '',
      `public class ${action}Example {`,
      '    public static void main(String[] args) throws Exception {',
      '        Client client = new Client(new Config()',
      '            .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))',
      '            .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))',
      '            .setSecurityToken(System.getenv("ALIBABA_CLOUD_SECURITY_TOKEN"))',
      `            .setEndpoint(${quoted(host)})`,
      `            .setProtocol(${quoted(protocol)}));`,
      `        ${action}Request request = new ${action}Request()`,
      ...fields(parameters).map(
        ([name, value], index, all) =>
          `            .set${name}(${literal(name, value)})${index === all.length - 1 ? ';' : ''}`,
      ),
      `        System.out.println(client.${lowerFirst(action)}(request).getBody().toMap());`,
      '    }',
      '}',
    );
  },

  cli({ action, parameters, endpoint }) {
    const { protocol, host } = parts(endpoint);
    const options = [
      ...fields(parameters).map(([name, value]) => `--${name} ${shellQuoted(value)}`),
      `--endpoint ${shellQuoted(host)}`,
      ...(protocol === 'HTTP' ? ['--insecure'] : []),
    ];
    return lines(
      `aliyun vpc ${action} \\`,
      ...options.map((option, index) => `  ${option}${index < options.length - 1 ? ' \\' : ''}`),
    );
  },

  terraform({ action, parameters }) {
    const provider = ['provider "alicloud" {', `  region = ${hclQuoted(parameters.RegionId ?? '')}`, '}', ''];
    const id = hclQuoted(parameters.SslVpnClientCertId ?? '');
    const data = (type: string, only: string | undefined): string[] => [
      `data "${type}" "this" {`,
      ...(only === undefined ? [] : [`  ids = [${hclQuoted(only)}]`]),
      '}',
    ];
    const name = parameters.Name === undefined ? [] : [`  name              = ${hclQuoted(parameters.Name)}`];
    const resource = (server: string): string[] => [
      'resource "alicloud_ssl_vpn_client_cert" "this" {',
      `  ssl_vpn_server_id = ${server}`,
      ...name,
      '}',
    ];
    switch (action) {
      case 'CreateSslVpnClientCert':
        return lines(...provider, ...resource(hclQuoted(parameters.SslVpnServerId ?? '')));
      case 'ModifySslVpnClientCert':
        return lines(
          ...provider,
          'import {',
          '  to = alicloud_ssl_vpn_client_cert.this',
          `  id = ${id}`,
          '}',
          '',
          'variable "ssl_vpn_server_id" {',
          '  description = "Server of the certificate; another one would replace the certificate"',
          '  type        = string',
          '}',
          '',
          ...resource('var.ssl_vpn_server_id'),
        );
      case 'DeleteSslVpnClientCert':
        return lines(
          `# Where the state holds the certificate ${id} as alicloud_ssl_vpn_client_cert.this, without its resource block:`,
          'removed {',
          '  from = alicloud_ssl_vpn_client_cert.this',
          '  lifecycle {',
          '    destroy = true',
          '  }',
          '}',
        );
      case 'DescribeRegions':
        return lines('data "alicloud_regions" "all" {', '}');
      case 'DescribeSslVpnServers':
        return lines(...provider, ...data('alicloud_ssl_vpn_servers', parameters.SslVpnServerId));
      default:
        return lines(...provider, ...data('alicloud_ssl_vpn_client_certs', parameters.SslVpnClientCertId));
    }
  },
};

function parts(endpoint: string): { protocol: 'HTTP' | 'HTTPS'; host: string } {
  const { protocol, host } = new URL(endpoint);
  return { protocol: protocol === 'http:' ? 'HTTP' : 'HTTPS', host };
}

/** The SDKs take these as numbers. */
function isNumber(name: string): boolean {
  return name === 'PageNumber' || name === 'PageSize';
}

function literal(name: string, value: string): string {
  return isNumber(name) ? value : quoted(value);
}

function fields(parameters: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(parameters);
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

/** A string of JSON is one of TypeScript, Python, Go and Java too, once nothing that they read otherwise stands in it raw. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\u007F\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** HCL reads ${ and %{ as the start of a template. */
function hclQuoted(text: string): string {
  return quoted(text).replace(/([$%])\{/g, '$1$1{');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function snake(name: string): string {
  return lowerFirst(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
