r"""
What somebody may type into a field for a name, a mail address or a message.

Kept as plain strings, one per line where possible: read them, add to them.
Sources of ideas: OWASP XSS filter evasion, the cases of DOMPurify and html5sec, the Big List
of Naughty Strings, Unicode TR36 and TR39, CVE texts on mail headers.
"""

from tests.hostile.addresses import LINKS
from tests.hostile.characters import UNICODE
from tests.hostile.code import CODE
from tests.hostile.mail import HEADERS
from tests.hostile.markdown import MARKDOWN
from tests.hostile.markup import HTML

HOSTILE = [*HTML, *MARKDOWN, *LINKS, *HEADERS, *UNICODE, *CODE]
