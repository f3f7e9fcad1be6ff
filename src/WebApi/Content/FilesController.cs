using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Content;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Content;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.WebApi.Content;

/// <summary>Keeps files (seed 000, rows S0-13 to S0-15 and S0-X2).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class FilesController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Stores one or more files.</summary>
    /// <remarks>The parts are named <c>files</c>: at most 10, of at most 25 MiB each, 100 MiB together.</remarks>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The files, in the order of the request. All are stored, or none.</response>
    [HttpPost("/upload-file")]
    [RouteKey("content.upload-file")]
    [Sends<UploadFilesCommand>]
    [MultipartFiles("files")]
    [UnexpectedError("Error uploading files")]
    [RequestSizeLimit(UploadLimits.BytesPerRequest)]
    [ProducesResponseType<UploadReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Upload(CancellationToken cancellationToken)
    {
        var uploaded = await mediator.Send(new UploadFilesCommand(new MultipartParts(Request).ReadAsync(cancellationToken)), cancellationToken);
        return Ok(UploadReply.Of(uploaded));
    }

    /// <summary>Signs a link to a file, for its owner or an administrator; it is good for 15 minutes.</summary>
    /// <param name="query">The file.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The link.</response>
    [HttpPost("/get-file-url")]
    [RouteKey("content.get-file-url")]
    [UnexpectedError("Error retrieving file URL")]
    [ProducesResponseType<FileUrlReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetUrl([JsonBody] GetFileUrlQuery query, CancellationToken cancellationToken)
    {
        var file = await mediator.Send(query, cancellationToken);
        Response.Headers.CacheControl = "no-store";
        return Ok(new FileUrlReply(file.FileName, file.SignedUrl.AbsoluteUri, file.ContentType, times.Naive(file.UploadedAt)));
    }

    /// <summary>Deletes a file, for its owner or an administrator.</summary>
    /// <param name="command">The file.</param>
    /// <param name="fileId">The file again, for clients whose DELETE carries no body.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is deleted.</response>
    [HttpDelete("/delete-file")]
    [RouteKey("content.delete-file")]
    [UnexpectedError("Error deleting file")]
    [ProducesResponseType<DeletedFileReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete(
        [JsonBody] DeleteFileCommand command, [FromQuery(Name = "file_id")] string? fileId, CancellationToken cancellationToken)
    {
        var named = ((ISupplied)command.FileId).IsGiven || fileId is null ? command : new DeleteFileCommand(fileId);
        var deleted = await mediator.Send(named, cancellationToken);
        return Ok(new DeletedFileReply("File deleted successfully", deleted.FileId));
    }

    /// <summary>Reads a file by a signed link, while files are kept by the platform itself.</summary>
    /// <param name="container">The container.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="exp">When the link expires, in seconds since 1970 UTC.</param>
    /// <param name="sig">The link's signature.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The bytes; pictures and PDF to be shown, everything else to be saved.</response>
    [HttpGet("/files/{container}/{blob}")]
    [RouteKey("content.download-file")]
    [Sends<DownloadSignedBlobQuery>]
    [UnexpectedError("Error retrieving file")]
    [ProducesResponseType<FileResult>(StatusCodes.Status200OK, "application/octet-stream")]
    public async Task<IActionResult> Download(
        [FromRoute] string container,
        [FromRoute] string blob,
        [FromQuery, Required] string? exp,
        [FromQuery, Required] string? sig,
        CancellationToken cancellationToken)
    {
        var download = await mediator.Send(new DownloadSignedBlobQuery(container, blob, exp, sig), cancellationToken);
        var (fileName, contentType) = download.Presentation;
        var disposition = new ContentDispositionHeaderValue(download.Presentation.IsInline ? "inline" : "attachment");
        disposition.SetHttpFileName(fileName);
        Response.Headers.ContentDisposition = disposition.ToString();
        Response.Headers.CacheControl = "private, no-store";
        var known = MediaTypeHeaderValue.TryParse(contentType, out _);
        return File(download.Content, known ? contentType : StoredFile.DefaultContentType, enableRangeProcessing: download.Content.CanSeek);
    }
}

/// <summary>Stored files.</summary>
/// <param name="Message" example="Files uploaded successfully">What happened.</param>
/// <param name="UploadedFiles">The files, in the order of the request.</param>
public sealed record UploadReply(string Message, IReadOnlyList<UploadedFileReply> UploadedFiles)
{
    internal static UploadReply Of(UploadedFiles uploaded) => new(
        "Files uploaded successfully",
        [.. uploaded.Files.Select(file => new UploadedFileReply(file.FileName, file.FileId, file.ContentType))]);
}

/// <summary>A stored file.</summary>
/// <param name="FileName" example="handbook.pdf">Its name, without any path.</param>
/// <param name="FileId">Its id.</param>
/// <param name="ContentType" example="application/pdf">Its media type as sent.</param>
public sealed record UploadedFileReply(string FileName, Guid FileId, string ContentType);

/// <summary>A link to a file.</summary>
/// <param name="FileName" example="handbook.pdf">The file's name.</param>
/// <param name="FileUrl" example="http://localhost:8080/files/file-uploads/0195f3a26c1e.pdf?exp=1741176900&amp;sig=c2ln">Reads the file for 15 minutes, without any credential.</param>
/// <param name="ContentType" example="application/pdf">Its media type.</param>
/// <param name="UploadDate" example="2025-03-05T14:00:00">When it was uploaded.</param>
public sealed record FileUrlReply(string FileName, string FileUrl, string ContentType, string UploadDate);

/// <summary>A deleted file.</summary>
/// <param name="Message" example="File deleted successfully">What happened.</param>
/// <param name="FileId">The file.</param>
public sealed record DeletedFileReply(string Message, Guid FileId);
