using System.Net;
using System.Text;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>A store or a database that fails is answered in the words of the route, and nobody pays for it.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BrokenStoreTests(DatabaseProvider database) : IAsyncDisposable
{
    private readonly string _blobs = Directory.CreateTempSubdirectory("aiplatform-blobs-").FullName;

    private TestPlatform _platform = null!;

    private Api _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _platform = await TestPlatform.StartAsync(database, ("Storage:Path", _blobs));
        _api = _platform.Api();
    }

    public async ValueTask DisposeAsync()
    {
        await (_platform?.DisposeAsync() ?? default);
        Directory.Delete(_blobs, recursive: true);
    }

    [Test]
    public async Task Files_WhenTheirRowsCannotBeReached_AnswerEachRoutesWordsAndKeepNoBytes()
    {
        var person = await _api.UserAsync();
        var file = await _api.FileAsync(person.Token, "a.txt", "hello");
        var link = new Uri(await _api.FileUrlAsync(person.Token, file));
        await ExecuteAsync("ALTER TABLE file_uploads RENAME TO file_uploads_gone");

        (await _api.UploadAsync(person.Token, ("b.txt", Encoding.UTF8.GetBytes("hello"), "text/plain"))).AssertFailed("Error uploading files");
        (await _api.PostAsync("/get-file-url", new { file_id = file }, token: person.Token)).AssertFailed("Error retrieving file URL");
        (await _api.DeleteAsync("/delete-file", new { file_id = file }, token: person.Token)).AssertFailed("Error deleting file");
        (await _api.GetAsync(link.PathAndQuery)).AssertFailed("Error retrieving file");

        Assert.That(Directory.EnumerateFiles(_blobs, "*", SearchOption.AllDirectories).Count(), Is.EqualTo(1), "Only the first file has a row.");
    }

    [Test]
    public async Task Files_WhenTheirBytesCannotBeStored_AreNotListed()
    {
        var person = await _api.UserAsync();
        await BlockAsync("file-uploads");

        (await _api.UploadAsync(person.Token, ("b.txt", Encoding.UTF8.GetBytes("hello"), "text/plain"))).AssertFailed("Error uploading files");

        Assert.That(await _platform.QueryAsync(db => db.Set<Domain.Content.StoredFile>().AnyAsync()), Is.False);
    }

    [Test]
    public async Task Image_WhenItCannotBeKept_IsNotPaidFor()
    {
        var person = await _api.UserAsync();
        await BlockAsync("dalle-images");

        var answer = await _api.PostAsync("/image-generation/dalle3", new { prompt = "A lighthouse" }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(answer.Text, Is.EqualTo("""{"response":"500","message":"The image could not be generated"}"""));
        var hold = await _platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync());
        Assert.That(hold.State, Is.EqualTo(HoldState.Released));
        Assert.That((await _api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }

    [Test]
    public async Task Model_WhenItsCallerCannotBeLookedUp_AnswersTheRoutesWords()
    {
        var person = await _api.UserAsync();
        await ExecuteAsync("ALTER TABLE users RENAME TO users_gone");
        _platform.Services.GetRequiredService<IReadCache>().Forget();

        foreach (var (path, words) in new[] { ("/llm/gpt-4o", "The model could not be asked"), ("/image/generate", "The image could not be generated") })
        {
            var answer = await _api.PostAsync(path, "{}", token: person.Token);
            Assert.That(answer.Text, Is.EqualTo($$"""{"response":"500","message":"{{words}}"}"""));
        }
    }

    private Task<int> ExecuteAsync(string sql) => _platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    /// <summary>Puts a file where the container's folder would be.</summary>
    private Task BlockAsync(string container) => File.WriteAllTextAsync(Path.Combine(_blobs, container), string.Empty);
}
