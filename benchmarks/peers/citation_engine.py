"""The smallest cited answer over a folder: llama-index, its mock model and its mock embedding."""

import sys
from pathlib import Path

from llama_index.core import Document, MockEmbedding, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import CitationQueryEngine

documents = [
    Document(text=path.read_text(encoding="utf-8")) for path in sorted(Path(sys.argv[1]).iterdir())
]
index = VectorStoreIndex.from_documents(documents, embed_model=MockEmbedding(embed_dim=8))
engine = CitationQueryEngine.from_args(index, llm=MockLLM(max_tokens=300), similarity_top_k=5)
print(engine.query("Brief me on these articles."))
