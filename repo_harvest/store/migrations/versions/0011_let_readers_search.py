"""Let readers search: the words of live items and what finds them, the values they can be narrowed to, and their counts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_SQLITE = (
    "CREATE INDEX ix_search_title_order ON search (title_order)",
    # `ascii` divides at ASCII blanks and signs alone: words come folded. Nothing ranks by the sizes of columns.
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
      facets, title, creators, other, content='search', content_rowid='item_id', columnsize=0, tokenize='ascii')
    """,
    """
    CREATE TRIGGER search_added AFTER INSERT ON search BEGIN
      INSERT INTO search_index (rowid, facets, title, creators, other)
      VALUES (new.item_id, new.facets, new.title, new.creators, new.other);
    END
    """,
    """
    CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN
      INSERT INTO search_index (search_index, rowid, facets, title, creators, other)
      VALUES ('delete', old.item_id, old.facets, old.title, old.creators, old.other);
    END
    """,
    """
    CREATE TRIGGER search_changed AFTER UPDATE OF facets, title, creators, other ON search BEGIN
      INSERT INTO search_index (search_index, rowid, facets, title, creators, other)
      VALUES ('delete', old.item_id, old.facets, old.title, old.creators, old.other);
      INSERT INTO search_index (rowid, facets, title, creators, other)
      VALUES (new.item_id, new.facets, new.title, new.creators, new.other);
    END
    """,
)
_POSTGRESQL = (
    # A tsvector of words as they are, each at its place: no parser and no dictionary.
    """
    CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(string_agg('''' || word || ''':' || place, ' '), '')::tsvector
      FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS found (word, place) WHERE word <> ''
    $$
    """,
    """
    ALTER TABLE search ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
      setweight(search_words(title), 'A') || setweight(search_words(creators), 'B')
      || setweight(search_words(other), 'C') || setweight(search_words(facets), 'D')) STORED
    """,
    "CREATE INDEX ix_search_vector ON search USING gin (vector)",
)


def upgrade() -> None:
    """Make the tables; they are filled once the last of the migrations has run (see `schema`)."""
    op.create_table(
        "facets",
        sa.Column("id", _id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facets"),
        sa.UniqueConstraint("kind", "value", name="uq_facets_kind_value"),
    )
    op.create_index("ix_facets_kind_count", "facets", ["kind", "count"])
    op.create_table(
        "search",
        sa.Column(
            "item_id", _id(), sa.ForeignKey("items.id", name="fk_search_item_id"), autoincrement=False, nullable=False
        ),
        sa.Column("datestamp", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("title_order", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facets", "title", "creators", "other")),
        sa.PrimaryKeyConstraint("item_id", name="pk_search"),
    )
    op.create_index("ix_search_year", "search", ["year"])
    op.create_index("ix_search_datestamp", "search", ["datestamp"])
    connection = op.get_bind()
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
