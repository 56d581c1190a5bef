"""A searchable sound archive: broadcasts in, transcripts by language, hits at the exact moment."""

__version__ = "0.1.0"
