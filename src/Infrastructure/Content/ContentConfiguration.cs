using AiPlatform.Domain.Content;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Content;

internal sealed class StoredFileConfiguration : IEntityTypeConfiguration<StoredFile>
{
    public void Configure(EntityTypeBuilder<StoredFile> builder)
    {
        builder.ToTable("file_uploads", table => table.HasCheckConstraint("ck_file_uploads_size", "size >= 0"));
        builder.Property(file => file.Id).ValueGeneratedNever();
        builder.Property(file => file.OriginalName).HasMaxLength(FileName.MaxLength);
        builder.Property(file => file.Container).HasMaxLength(BlobAddress.MaxContainerLength).IsUnicode(false);
        builder.Property(file => file.BlobName).HasMaxLength(BlobAddress.MaxNameLength).IsUnicode(false);
        builder.Property(file => file.ContentType).HasMaxLength(StoredFile.MaxContentTypeLength).IsUnicode(false);
        builder.Property(file => file.Sha256).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(file => file.BlobName).IsUnique().HasDatabaseName("ux_file_uploads_blob_name");
        builder.HasOne<User>().WithMany().HasForeignKey(file => file.OwnerUserId).OnDelete(DeleteBehavior.Restrict);
        builder.Ignore(file => file.Address);
        builder.Ignore(file => file.Name);
    }
}

internal sealed class RagDocumentConfiguration : IEntityTypeConfiguration<RagDocument>
{
    public void Configure(EntityTypeBuilder<RagDocument> builder)
    {
        builder.ToTable("rag_documents", table => table.HasCheckConstraint("ck_rag_documents_chunk_count", "chunk_count > 0"));
        builder.Property(document => document.Id).ValueGeneratedNever();
        builder.Property(document => document.Name).HasMaxLength(FileName.MaxLength);
        builder.Property(document => document.Collection).HasMaxLength(CollectionName.MaxLength).IsUnicode(false);
        builder.Property(document => document.EmbeddingModel).HasMaxLength(RagDocument.MaxModelLength);
        builder.HasIndex(document => new { document.FileId, document.Collection }).IsUnique().HasDatabaseName("ux_rag_documents_file_collection");
        builder.HasMany(document => document.Chunks).WithOne().HasForeignKey(chunk => chunk.DocumentId).OnDelete(DeleteBehavior.Cascade);

        // No key to the file: the upload may be deleted while its text can still be asked.
        builder.HasOne<User>().WithMany().HasForeignKey(document => document.IndexedBy).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RagChunkConfiguration : IEntityTypeConfiguration<RagChunk>
{
    public void Configure(EntityTypeBuilder<RagChunk> builder)
    {
        builder.ToTable("rag_chunks", table => table.HasCheckConstraint("ck_rag_chunks_ordinal", "ordinal >= 0"));
        builder.Property(chunk => chunk.Id).ValueGeneratedNever();
        builder.Property(chunk => chunk.Text).HasMaxLength(TextChunker.ChunkLength);
        builder.HasIndex(chunk => new { chunk.DocumentId, chunk.Ordinal }).IsUnique().HasDatabaseName("ux_rag_chunks_document_ordinal");
    }
}

internal sealed class DocumentLibraryConfiguration : IEntityTypeConfiguration<DocumentLibrary>
{
    public void Configure(EntityTypeBuilder<DocumentLibrary> builder)
    {
        builder.ToTable("rag_library", table => table.HasCheckConstraint("ck_rag_library_chunk_count", "chunk_count >= 0"));
        builder.Property(library => library.Id).ValueGeneratedNever();
        builder.Property(library => library.Revision).IsConcurrencyToken();
        builder.HasData(DocumentLibrary.Empty());
    }
}
