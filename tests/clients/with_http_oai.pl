# Drives HTTP::OAI; answering.py says what comes in and goes out.

use strict;
use warnings;

use HTTP::OAI;
use HTTP::OAI::Metadata::OAI_DC;
use JSON::PP;

my $json   = JSON::PP->new->utf8;
my $client = HTTP::OAI::Harvester->new( baseURL => $ARGV[0] );

while ( my $line = <STDIN> ) {
    my $arguments = $json->decode($line);
    my $verb      = delete $arguments->{verb};
    my @items;
    my $response = $client->$verb(
        %$arguments,
        handlers => { metadata => 'HTTP::OAI::Metadata::OAI_DC' },
        onRecord => sub { push @items, item( $_[0] ) },
    );
    my $answer = $response->is_error ? { error => $response->message } : { items => \@items };
    print $json->encode($answer), "\n";
}

sub item {
    my ($item) = @_;
    my $header = $item->can('header') ? $item->header : $item;
    my $metadata = $item->can('metadata') && $item->metadata;
    return {
        identifier => $header->identifier,
        datestamp  => $header->datestamp,
        deleted    => $header->is_deleted ? JSON::PP::true : JSON::PP::false,
        sets       => [ $header->setSpec ],
        metadata   => $metadata ? $metadata->dc : {},
    };
}
