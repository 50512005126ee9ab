"""The applications, by their names."""

from servers.websites.databases import Adminer, PhpLiteAdmin, PhpMyAdmin
from servers.websites.mail import Roundcube
from servers.websites.running import Cacti, Icinga, PhpSysInfo, PostfixAdmin, RssBridge, SimpleSaml, TtRss
from servers.websites.writing import DokuWiki, MediaWiki, Shaarli, WordPress

ALL = {kind.name: kind for kind in (WordPress, DokuWiki, MediaWiki, Roundcube, PhpMyAdmin, Shaarli, TtRss, Cacti, Icinga, PhpLiteAdmin, SimpleSaml,
                                    Adminer, PostfixAdmin, PhpSysInfo, RssBridge)}
# Debian's other PHP applications, and why they are not driven here.
OTHERS = {
    "ldap-account-manager, phpldapadmin, gosa": "show nothing without a directory service",
    "zabbix-frontend-php, zoneminder, nagios4-cgi, ganglia-webfrontend, homer-api": "show nothing without the daemon they belong to",
    "ocsinventory-reports, hoteldruid, zoph, php-horde, slbackup-php, mlmmj-php-web": "are not driven yet",
}
