using System.Net;
using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Content;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>The same promises of both stores, Azure's against a real server.</summary>
[TestFixture(StorageKind.Local)]
[TestFixture(StorageKind.AzureBlob)]
[Parallelizable(ParallelScope.All)]
public sealed class BlobStoreTests(StorageKind kind)
{
    private static readonly BlobPresentation Page = new("päge \"1\".html", "text/html");

    private TestPlatform _platform = null!;

    private IBlobStore _store = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        (string, string?)[] settings = kind == StorageKind.Local
            ? []
            :
            [
                ("AZURE_STORAGE_CONNECTION_STRING", Services.Require("AIPLATFORM_TEST_AZURITE")),
                ("AZURE_STORAGE_UPLOAD_CONTAINER", $"uploads-{NewName()}"),
                ("AZURE_STORAGE_CONTAINER", $"images-{NewName()}"),
            ];
        _platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, settings);
        _store = _platform.Services.GetRequiredService<IBlobStore>();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }
    }

    [Test]
    public async Task Put_WhenTheStreamIsLarge_KeepsEveryByte()
    {
        var address = NewAddress();
        var bytes = new byte[(9 * 1024 * 1024) + 7];
        new Random(7).NextBytes(bytes);

        await _store.PutAsync(address, new Trickle(bytes), "application/octet-stream", CancellationToken.None);

        await using var read = await _store.OpenReadAsync(address, CancellationToken.None);
        using var copy = new MemoryStream();
        await read!.CopyToAsync(copy);
        Assert.That(copy.ToArray().AsSpan().SequenceEqual(bytes), Is.True);
    }

    [Test]
    public async Task Put_WhenTheStreamIsEmpty_KeepsAnEmptyBlob()
    {
        var address = NewAddress();

        await _store.PutAsync(address, new MemoryStream(), "text/plain", CancellationToken.None);

        await using var read = await _store.OpenReadAsync(address, CancellationToken.None);
        Assert.That(read!.ReadByte(), Is.EqualTo(-1));
    }

    [Test]
    public async Task Put_WhenTheStreamFails_LeavesNoBlobAndSaysWhy()
    {
        var address = NewAddress();

        await Assert.ThatAsync(
            () => _store.PutAsync(address, new Trickle(new byte[9_000_000], failsAtTheEnd: true), "text/plain", CancellationToken.None),
            Throws.TypeOf<RefusedException>().With.Property("Error").EqualTo(FileErrors.TooLarge));

        Assert.That(await _store.OpenReadAsync(address, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Put_WhenTheNameIsTaken_ChangesNothing()
    {
        var address = NewAddress();
        await _store.PutAsync(address, new MemoryStream("first"u8.ToArray()), "text/plain", CancellationToken.None);

        await Assert.ThatAsync(
            () => _store.PutAsync(address, new MemoryStream("second"u8.ToArray()), "text/plain", CancellationToken.None), Throws.Exception);

        await using var read = await _store.OpenReadAsync(address, CancellationToken.None);
        Assert.That(await new StreamReader(read!).ReadToEndAsync(), Is.EqualTo("first"));
    }

    [Test]
    public async Task Delete_WhenThereIsNoBlob_IsNoError()
    {
        await _store.DeleteAsync(NewAddress(), CancellationToken.None);
        await _store.DeleteAsync(new BlobAddress($"never-{NewName()}", "a"), CancellationToken.None);
    }

    [Test]
    public async Task SignedUrl_WhenFollowed_ReadsAndIsAnAttachmentUnderItsName()
    {
        var api = _platform.Api();
        var person = await api.UserAsync();
        var fileId = await api.FileAsync(person.Token, Page.FileName.Replace("\"", "'", StringComparison.Ordinal), "text"u8.ToArray(), Page.ContentType);

        using var answer = await FollowAsync(await api.FileUrlAsync(person.Token, fileId));

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("text"));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
        Assert.That(answer.Content.Headers.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
        Assert.That(answer.Content.Headers.ContentDisposition.FileNameStar, Is.EqualTo("päge '1'.html"));
    }

    [Test]
    public async Task SignedUrl_WhenItsSignatureIsLeftOut_ReadsNothing()
    {
        var api = _platform.Api();
        var person = await api.UserAsync();
        var url = await api.FileUrlAsync(person.Token, await api.FileAsync(person.Token, "a.txt", "text"));

        using var answer = await FollowAsync(url.Split('?')[0]);

        Assert.That((int)answer.StatusCode, Is.InRange(401, 404));
    }

    [Test]
    public async Task DeleteFile_WhenTheBytesAreGoneAlready_DeletesTheRow()
    {
        var api = _platform.Api();
        var person = await api.UserAsync();
        var fileId = await api.FileAsync(person.Token, "a.txt", "text");
        var file = await _platform.QueryAsync(db => db.Set<StoredFile>().SingleAsync(row => row.Id == fileId));
        await _store.DeleteAsync(file.Address, CancellationToken.None);

        var answer = await api.DeleteAsync("/delete-file", new { file_id = fileId }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.QueryAsync(db => db.Set<StoredFile>().AnyAsync(row => row.Id == fileId)), Is.False);
    }

    [Test]
    public async Task GetFileUrl_WhenTheBytesAreGone_LinksToNothing()
    {
        var api = _platform.Api();
        var person = await api.UserAsync();
        var fileId = await api.FileAsync(person.Token, "a.txt", "text");
        var file = await _platform.QueryAsync(db => db.Set<StoredFile>().SingleAsync(row => row.Id == fileId));
        await _store.DeleteAsync(file.Address, CancellationToken.None);

        using var answer = await FollowAsync(await api.FileUrlAsync(person.Token, fileId));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static string NewName() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");

    private static BlobAddress NewAddress() => new("file-uploads", NewName());

    // Links of the local store lead to the platform under test, which listens nowhere.
    private async Task<HttpResponseMessage> FollowAsync(string url)
    {
        if (kind == StorageKind.Local)
        {
            return await _platform.Api().Http.GetAsync(new Uri(url).PathAndQuery);
        }

        using var http = new HttpClient();
        return await http.GetAsync(new Uri(url));
    }

    /// <summary>Gives its bytes a few at a time, as a connection does, and may break off at the end.</summary>
    private sealed class Trickle(byte[] bytes, bool failsAtTheEnd = false) : MemoryStream(bytes)
    {
        private const int AtOnce = 10_007;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var read = await base.ReadAsync(buffer[..Math.Min(AtOnce, buffer.Length)], cancellationToken);
            return read == 0 && failsAtTheEnd ? throw new RefusedException(FileErrors.TooLarge) : read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0;)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
