using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>Calls of the file and document routes that several tests make.</summary>
internal static class ContentCalls
{
    public static Task<Answer> UploadAsync(this Api api, string? token, params (string Name, byte[] Bytes, string? Type)[] files)
    {
        // Browsers write names in UTF-8.
        var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var (name, bytes, type) in files)
        {
            form.Add(Part(name, bytes, type));
        }

        return api.UploadAsync(token, form);
    }

    public static async Task<Answer> UploadAsync(this Api api, string? token, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload-file") { Content = body };
        if (token is not null)
        {
            request.Headers.Add("X-Token", token);
        }

        return await api.SendAsync(request);
    }

    /// <summary>A file part whose name reaches the server as it is written here.</summary>
    public static HttpContent Part(string fileName, byte[] bytes, string? type = null, string field = "files")
    {
        var part = new ByteArrayContent(bytes);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{field}\"; filename=\"{fileName.Replace(@"\", @"\\", StringComparison.Ordinal)}\"");
        part.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return part;
    }

    public static async Task<Guid> FileAsync(this Api api, string token, string name, byte[] bytes, string? type = null)
    {
        var answer = await api.UploadAsync(token, (name, bytes, type));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer["uploaded_files"]![0]!["file_id"]!.GetValue<Guid>();
    }

    public static Task<Guid> FileAsync(this Api api, string token, string name, string text) =>
        api.FileAsync(token, name, Encoding.UTF8.GetBytes(text), "text/plain");

    public static async Task<string> FileUrlAsync(this Api api, string token, Guid fileId) =>
        (await api.PostAsync("/get-file-url", new { file_id = fileId }, token: token))["file_url"]!.GetValue<string>();

    public static async Task<Answer> IndexAsync(this Api api, Guid fileId, string? collection = null) => await api.PostAsync(
        "/admin/rag/documents",
        new { token = await api.TokenAsync(), file_id = fileId, collection = collection ?? "shared" },
        TestPlatform.AdminKey);
}
