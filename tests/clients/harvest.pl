# HTTP::OAI, as a harvester in Perl uses it: prints one JSON object for each record or header that it is given.
# Arguments: base URL, verb, then the arguments of the request as NAME=VALUE.
use strict;
use warnings;
use HTTP::OAI;
use HTTP::OAI::Metadata::OAI_DC;
use JSON::PP;

my ($url, $verb, @given) = @ARGV;
my %arguments = map { /^(\w+)=(.*)$/s ? ($1, $2) : die "$_: not NAME=VALUE" } @given;
my $json = JSON::PP->new->utf8->canonical;

sub show {
    my ($found) = @_;
    my $metadata = $found->can('metadata') ? $found->metadata : undef;
    print $json->encode({
        identifier => $found->identifier,
        deleted => $found->is_deleted ? JSON::PP::true : JSON::PP::false,
        title => $metadata ? $metadata->dc->{title}[0] : undef,
    }), "\n";
}

# It goes on to the next page by itself, and keeps only the last one: so each record is shown as it comes.
$arguments{onRecord} = \&show unless $verb eq 'GetRecord';
$arguments{handlers} = {metadata => 'HTTP::OAI::Metadata::OAI_DC'} unless $verb eq 'ListIdentifiers';
my $response = HTTP::OAI::Harvester->new(baseURL => $url)->$verb(%arguments);
die $response->code . ' ' . $response->message . "\n" if $response->is_error;
show($response->next) if $verb eq 'GetRecord';
