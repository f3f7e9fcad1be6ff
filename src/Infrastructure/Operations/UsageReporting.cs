using System.Text.Json;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Reports the day before; days of the last week that were missed are reported with it.</summary>
internal sealed class UsageReporting(IDbContextFactory<AppDbContext> contexts, IOptions<PlatformOptions> platform) : IScheduledJob
{
    private const int Days = 7;

    // Whoever invents names of models must not make a report that nobody can read.
    private const int MostModels = 1000;

    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(platform.Value.TimeZone);

    public string Name => "usage_report";

    public string Schedule => "0 0 1 * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(dueAt, _zone).Date);
        var reported = 0;
        for (var day = today.AddDays(-Days); day < today; day = day.AddDays(1))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (!await db.Set<UsageReport>().AnyAsync(report => report.Day == day, cancellationToken))
            {
                db.Add(await ReportAsync(db, day, cancellationToken));
                reported += await db.SaveChangesAsync(cancellationToken);
            }
        }

        return $"{reported} days reported";
    }

    private async Task<UsageReport> ReportAsync(AppDbContext db, DateOnly day, CancellationToken cancellationToken)
    {
        var (from, to) = (StartOf(day), StartOf(day.AddDays(1)));
        var logs = db.Set<MessageLog>().Where(log => log.Time >= from && log.Time < to);
        var models = await logs.GroupBy(log => log.Model)
            .Select(model => new { Name = model.Key, Count = model.LongCount() })
            .OrderByDescending(model => model.Count).ThenBy(model => model.Name)
            .Take(MostModels)
            .ToDictionaryAsync(model => model.Name, model => model.Count, cancellationToken);
        var people = await logs.Select(log => log.UserId).Distinct().CountAsync(cancellationToken);
        return new UsageReport(day, people, JsonSerializer.Serialize(models));
    }

    private DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        // Where clocks are put forward at midnight, the day starts when they have been.
        while (_zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        return new DateTimeOffset(midnight, _zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
