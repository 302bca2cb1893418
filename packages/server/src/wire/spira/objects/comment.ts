import { boolean, date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteComment = spiraObject(
  'RemoteComment',
  { description: 'A remark that somebody made on an artifact.' },
  {
    CommentId: reference('Id of the comment.').readOnly(),
    ArtifactId: integer('The artifact; that of the path, whatever the body says.').readOnly().notNull(),
    Guid: text('Guid of the comment, stable for life.').readOnly(),
    UserId: reference('Who made it; missing or null: the caller.'),
    UserGuid: text('Guid of that user.').readOnly(),
    UserName: text('Full name of that user.').readOnly(),
    Text: text('The remark; may hold HTML.').required().notNull(),
    CreationDate: date('When it was made; missing or null: now.'),
    IsDeleted: boolean('Always false: deleted comments are not listed.').readOnly().notNull(),
    IsPermanent: boolean('Can not be deleted.').notNull(),
  },
);
