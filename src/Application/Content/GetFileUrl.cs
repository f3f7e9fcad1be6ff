using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using MediatR;

namespace AiPlatform.Application.Content;

/// <summary>Signs a link to a file, for its owner or an administrator.</summary>
/// <param name="FileId" example="0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90">The file, a UUID.</param>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(FileErrors), nameof(FileErrors.NotFound), nameof(FileErrors.AccessForbidden))]
public sealed record GetFileUrlQuery([property: Required] Supplied<string> FileId) : IRequest<FileUrl>;

/// <summary>A link to a file.</summary>
/// <param name="FileName">The file's name.</param>
/// <param name="SignedUrl">Reads it for a while; whoever has it can read it, so it is named as the secrets are that no record keeps.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="UploadedAt">When it was uploaded, UTC.</param>
public sealed record FileUrl(string FileName, Uri SignedUrl, string ContentType, DateTimeOffset UploadedAt);

internal sealed class GetFileUrlValidator : OrderedValidator<GetFileUrlQuery>
{
    public GetFileUrlValidator()
    {
        Require(query => FileIds.IsGiven(query.FileId), FileIds.Required);
    }
}

internal sealed class GetFileUrlHandler(IContentDb db, IBlobStore blobs, StorageSettings settings, CallRecord call, TimeProvider time)
    : IRequestHandler<GetFileUrlQuery, FileUrl>
{
    public async Task<FileUrl> Handle(GetFileUrlQuery request, CancellationToken cancellationToken)
    {
        var file = (await db.Files.GetAsync(request.FileId.Value, cancellationToken)).For(call.RequiredCaller, FileErrors.AccessForbidden);
        var presentation = new BlobPresentation(file.OriginalName, file.ContentType);
        var url = blobs.SignedUrl(file.Address, presentation, time.GetUtcNow() + settings.FileUrlLifetime);
        return new FileUrl(file.OriginalName, url, file.ContentType, file.CreatedAt);
    }
}
