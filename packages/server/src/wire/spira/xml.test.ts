import { describe, expect, test } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { artifactBase } from './artifact.ts';
import { faultOf } from './fault.ts';
import { date, ids, objects, reference, text } from './member.ts';
import { spiraObject } from './object.ts';
import { Decoding } from './scalars.ts';
import { parseXmlBody } from './xml-reader.ts';
import { faultXml, resultXml } from './xml-writer.ts';

const RemoteStep = spiraObject('RemoteStep', { description: 'A step.' }, { Position: reference('Place.') });
const RemoteThing = spiraObject(
  'RemoteThing',
  { description: 'A thing.' },
  {
    ...artifactBase(5),
    Zeal: text('Last in the alphabet.'),
    EndDate: date('End.'),
    Children: ids('Children.'),
    Steps: objects<{ position: number }>(() => RemoteStep, 'Steps.'),
  },
);
const row = {
  projectId: 1,
  tags: 'a<b',
  zeal: 'x & "y"\u0001',
  endDate: new Date(0),
  children: [3, 4],
  steps: [{ position: 1 }],
};

describe('writing XML (rest-v7 4.3)', () => {
  const written = resultXml({ kind: 'one', object: RemoteThing }, RemoteThing.encode(row), 6);

  test('the root is the type in the namespace of the version asked', () => {
    expect(written).toContain(
      '<RemoteThing xmlns="http://schemas.datacontract.org/2004/07/Inflectra.SpiraTest.Web.Services.v6_0.DataObjects" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">',
    );
  });

  test('members of the base class come first, each group in alphabetical order', () => {
    const order = [...written.matchAll(/<(\w+)[ />]/g)].map((found) => found[1]);
    const wanted = [
      'ArtifactTypeId',
      'ConcurrencyDate',
      'CustomProperties',
      'Guid',
      'IsAttachments',
      'ProjectGuid',
      'ProjectId',
      'Tags',
      'Children',
      'EndDate',
      'Steps',
      'Zeal',
    ];
    expect(order.filter((name) => wanted.includes(name ?? ''))).toEqual(wanted);
  });

  test('null is nil, dates have three digits, texts are escaped and rid of what XML cannot hold', () => {
    expect(written).toContain('<Guid i:nil="true"/>');
    expect(written).toContain('<EndDate>1970-01-01T00:00:00.000Z</EndDate>');
    expect(written).toContain('<Tags>a&lt;b</Tags>');
    expect(written).toContain('<Zeal>x &amp; &quot;y&quot;</Zeal>');
  });

  test('ids are items of the arrays namespace, objects items of their type', () => {
    expect(written).toContain(
      '<Children xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><a:int>3</a:int><a:int>4</a:int></Children>',
    );
    expect(written).toContain('<Steps><RemoteStep><Position>1</Position></RemoteStep></Steps>');
  });

  test('a list is ArrayOf its type, a scalar stands in the serialization namespace', () => {
    expect(resultXml({ kind: 'list', object: RemoteStep }, [{ Position: 1 }], 7)).toContain(
      '<ArrayOfRemoteStep xmlns="http://schemas.datacontract.org/2004/07/Inflectra.SpiraTest.Web.Services.v7_0.DataObjects"',
    );
    expect(resultXml({ kind: 'scalar', type: 'int' }, 42, 7)).toBe(
      '<?xml version="1.0" encoding="utf-8"?><int xmlns="http://schemas.microsoft.com/2003/10/Serialization/">42</int>',
    );
  });

  test('a fault is a ValidationFaultMessage or a ServiceFaultMessage', () => {
    expect(faultXml(faultOf(new DomainError('invalid', 'a < b')))).toContain('<ValidationFaultMessage');
    expect(faultXml(faultOf(new DomainError('notFound', 'x')))).toContain('<ServiceFaultMessage');
  });
});

describe('reading XML', () => {
  test('what was written decodes to what was encoded', () => {
    const written = resultXml({ kind: 'one', object: RemoteThing }, RemoteThing.encode(row), 7);
    const decoded = RemoteThing.decode(parseXmlBody(written, RemoteThing), new Decoding());
    expect(decoded).toMatchObject({
      tags: 'a<b',
      zeal: 'x & "y"',
      endDate: new Date(0),
      children: [3, 4],
      steps: [{ position: 1 }],
    });
  });

  test('any order, foreign namespaces, attributes and unknown elements do not matter', () => {
    const body =
      '<x:RemoteThing xmlns:x="urn:x"><x:Unknown><y/></x:Unknown><x:Zeal b="1">z</x:Zeal><x:EndDate i:nil="true"/></x:RemoteThing>';
    expect(RemoteThing.decode(parseXmlBody(body, RemoteThing), new Decoding())).toEqual({ zeal: 'z', endDate: null });
  });

  test('ArrayOf is a list, also of ids and of filters', () => {
    expect(parseXmlBody('<ArrayOfint><int>1</int><int>2</int></ArrayOfint>', undefined)).toEqual(['1', '2']);
    const filters =
      '<ArrayOfRemoteFilter><RemoteFilter><PropertyName>Id</PropertyName><IntValue i:nil="true"/><MultiValue><IsNone>false</IsNone><Values><int>1</int></Values></MultiValue></RemoteFilter></ArrayOfRemoteFilter>';
    expect(parseXmlBody(filters, undefined)).toEqual([
      { PropertyName: 'Id', IntValue: null, MultiValue: { IsNone: 'false', Values: ['1'] } },
    ]);
  });

  test.each([
    ['no XML at all', 'hello'],
    ['an element that does not end', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['deep nesting', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
    ['nothing but blanks', '  '],
  ])('refuses %s', (_what, body) => {
    expect(() => parseXmlBody(body, RemoteThing)).toThrow(DomainError);
  });
});
