using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.CommandLine;

namespace AiPlatform.Load.Measuring;

/// <summary>What is driven.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Database">The platform's database; <see langword="null"/> for what is not the platform.</param>
/// <param name="MaxBatch">Most steps in a transaction; <see langword="null"/> for the platform's own choice.</param>
/// <param name="IsHot">Whether every call is paid from one account.</param>
internal sealed record Target(string Name, DatabaseProvider? Database, int? MaxBatch, bool IsHot)
{
    public const string Upstream = "upstream";
    public const string Proxy = "proxy";
    public const string Framework = "framework";

    public const string Help = "upstream, proxy, framework, sqlite, postgres; with :batch=N (steps in a transaction), :hot (one account) and :build=FOLDER (of another version)";

    /// <summary>Tells servers apart that are alike otherwise.</summary>
    public string Instance { get; init; } = string.Empty;

    /// <summary>Where another build of the platform is that is compared with this one; <see langword="null"/> for this one.</summary>
    public string? Build { get; init; }

    /// <summary>Which process serves it: targets that differ in their load alone share one.</summary>
    public string Server => $"{Database?.ToString() ?? Name}:{MaxBatch}:{Build}:{Instance}";

    /// <summary>Reads <c>sqlite:batch=1:hot</c> and the like.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static Target Parse(string text)
    {
        var parts = text.Split(':');
        var target = parts[0] switch
        {
            Upstream or Proxy or Framework => new Target(text, null, null, false),
            "sqlite" => new Target(text, DatabaseProvider.Sqlite, null, false),
            "postgres" => new Target(text, DatabaseProvider.PostgreSql, null, false),
            _ => throw new UsageException($"'{text}' is no target; known are {Help}."),
        };
        return parts.Skip(1).Aggregate(target, (known, part) => part.Split('=') switch
        {
            ["hot"] when known.Database is not null => known with { IsHot = true },
            ["build", var folder] when known.Database is not null && Directory.Exists(folder) => known with { Build = folder },
            ["batch", var number] when known.Database is not null && int.TryParse(number, out var batch) => known with { MaxBatch = batch },
            _ => throw new UsageException($"'{part}' of '{text}' says nothing; known are {Help}."),
        });
    }
}
