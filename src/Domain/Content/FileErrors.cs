using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Content;

/// <summary>What can be refused about uploaded files; the documented words are those of seed 000.</summary>
public static class FileErrors
{
    /// <summary>The request carries no file part.</summary>
    public static readonly Error NoFilesPart = Bad("files_missing", "No files part in the request");

    /// <summary>Every file part is without a name, as a browser sends an empty picker.</summary>
    public static readonly Error NoFilesSelected = Bad("files_not_selected", "No files selected for upload");

    /// <summary>More files than one request may carry.</summary>
    public static readonly Error TooManyFiles =
        Bad("too_many_files", $"At most {UploadLimits.FilesPerRequest} files can be uploaded in one request");

    /// <summary>More parts than a multipart request may carry, file or not.</summary>
    public static readonly Error TooManyParts =
        Bad("too_many_parts", $"A multipart request may have at most {UploadLimits.PartsPerRequest} parts");

    /// <summary>The multipart body cannot be read.</summary>
    public static readonly Error MalformedUpload = Bad("malformed_multipart", "The multipart request body is malformed");

    /// <summary>The name has no usable last segment, or holds characters that no file name should.</summary>
    public static readonly Error InvalidName = Bad("invalid_file_name", "File name is empty or contains characters that are not allowed");

    /// <summary>The name is too long.</summary>
    public static readonly Error NameTooLong =
        Bad("file_name_too_long", $"File name must be at most {FileName.MaxLength} characters");

    /// <summary>The part's content type is not a media type, or too long.</summary>
    public static readonly Error InvalidContentType = Bad(
        "invalid_content_type", $"Content type must be a media type of at most {StoredFile.MaxContentTypeLength} characters");

    /// <summary>A file is larger than the limit.</summary>
    public static readonly Error TooLarge =
        new("file_too_large", ErrorKind.PayloadTooLarge, "File exceeds the maximum allowed size");

    /// <summary>The file is another person's, and the caller does not administer.</summary>
    public static readonly Error AccessForbidden =
        new("file_access_forbidden", ErrorKind.Forbidden, "You don't have permission to access this file");

    /// <summary>The file is another person's, and the caller does not administer.</summary>
    public static readonly Error DeletionForbidden =
        new("file_deletion_forbidden", ErrorKind.Forbidden, "You don't have permission to delete this file");

    /// <summary>The link was altered, or its time is over.</summary>
    public static readonly Error LinkInvalid =
        new("file_link_invalid", ErrorKind.Forbidden, "The link is not valid or has expired");

    /// <summary>The link is good and what it points to is gone.</summary>
    public static readonly Error LinkTargetMissing = new("file_gone", ErrorKind.NotFound, "File not found");

    private const int LongestEcho = 100;

    /// <summary>What an upload can be refused with.</summary>
    public static IReadOnlyList<Error> OfUpload { get; } =
    [
        NoFilesPart, NoFilesSelected, MalformedUpload, TooManyParts, TooManyFiles, InvalidName, NameTooLong, InvalidContentType, TooLarge,
    ];

    /// <summary>There is no such file.</summary>
    /// <param name="id">The id as the caller wrote it; only its first characters are echoed.</param>
    public static Error NotFound(string id) =>
        new("file_not_found", ErrorKind.NotFound, $"File with ID {(id.Length <= LongestEcho ? id : id[..LongestEcho])} not found");

    private static Error Bad(string code, string message) => new(code, ErrorKind.BadRequest, message);
}
