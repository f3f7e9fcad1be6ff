using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Sums what models delivered and what was paid for it, both in the database.</summary>
internal sealed class UsageStatistics(IMeteringDb db, IOwnerDirectory owners, TimeProvider time)
{
    /// <summary>Sums the usage of some people, or of all.</summary>
    /// <param name="question">Which usage, and what it is summed by.</param>
    /// <param name="users">Whose; everybody's where there are none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">The answer would be too long.</exception>
    public async Task<UsageSummary> SumAsync(UsageQuestion question, IReadOnlyCollection<Guid>? users, CancellationToken cancellationToken)
    {
        var (from, to) = question.Range(time.GetUtcNow());
        var usage = Matching(question, users, from, to);
        var by = question.Dimensions!;
        var delivered = await Delivered(usage, by).Take(UsageQuestion.MaxRows + 1).ToListAsync(cancellationToken);
        if (delivered.Count > UsageQuestion.MaxRows)
        {
            throw new RefusedException(UsageErrors.TooManyRows);
        }

        var paid = (await Paid(usage, by).ToListAsync(cancellationToken)).ToLookup(row => row.Key);
        var teams = by.Contains(UsageDimension.Team)
            ? await owners.TeamsOfAsync([.. delivered.Select(row => row.Key.User!.Value).Distinct()], cancellationToken)
            : new Dictionary<Guid, Guid>();
        var sums = delivered.Select(row => Sum(row, paid[row.Key], by, teams)).GroupBy(sum => Blank(sum)).Select(Total);
        return new UsageSummary(from, to, [.. sums.OrderBy(sum => sum.Day).ThenByDescending(sum => sum.Calls)]);
    }

    private IQueryable<UsageRecord> Matching(UsageQuestion question, IReadOnlyCollection<Guid>? users, DateTimeOffset from, DateTimeOffset to)
    {
        var usage = (users is null ? db.UsageRecords : db.UsageOf(users)).Where(row => row.CreatedAt >= from && row.CreatedAt < to);
        if (question.Model.IsGiven)
        {
            usage = usage.Where(row => row.Model == question.Model.Value);
        }

        return question.ApiKeyId.IsGiven ? usage.Where(row => row.ApiKeyId == question.ApiKeyId.Value) : usage;
    }

    private static IQueryable<DeliveredRow> Delivered(IQueryable<UsageRecord> usage, IReadOnlySet<UsageDimension> by)
    {
        var (user, key, model) = (ByUser(by), by.Contains(UsageDimension.Key), by.Contains(UsageDimension.Model));
        var (provider, route, day) = (by.Contains(UsageDimension.Provider), by.Contains(UsageDimension.Route), by.Contains(UsageDimension.Day));
        return usage
            .GroupBy(row => new GroupKey
            {
                User = user ? row.UserId : null,
                ApiKey = key ? row.ApiKeyId : null,
                Model = model ? row.Model : null,
                Provider = provider ? row.Provider : null,
                Route = route ? row.RouteKey : null,
                Day = day ? UtcDays.Of(row.CreatedAt) : null,
            })
            .OrderByDescending(rows => rows.LongCount())
            .Select(rows => new DeliveredRow(
                rows.Key,
                rows.LongCount(),
                rows.Sum(row => row.PromptTokens),
                rows.Sum(row => row.CachedTokens),
                rows.Sum(row => row.AnswerTokens),
                rows.Sum(row => (long)row.Images)));
    }

    private IQueryable<PaidRow> Paid(IQueryable<UsageRecord> usage, IReadOnlySet<UsageDimension> by)
    {
        var (user, key, model) = (ByUser(by), by.Contains(UsageDimension.Key), by.Contains(UsageDimension.Model));
        var (provider, route, day) = (by.Contains(UsageDimension.Provider), by.Contains(UsageDimension.Route), by.Contains(UsageDimension.Day));
        var entries =
            from row in usage
            join entry in db.LedgerEntries on row.RequestId equals entry.RequestId
            join account in db.LedgerAccounts on entry.AccountId equals account.Id
            where entry.Kind == EntryKind.Capture
            select new { Row = row, account.Meter, entry.SpentDelta };
        return entries
            .GroupBy(one => new
            {
                Key = new GroupKey
                {
                    User = user ? one.Row.UserId : null,
                    ApiKey = key ? one.Row.ApiKeyId : null,
                    Model = model ? one.Row.Model : null,
                    Provider = provider ? one.Row.Provider : null,
                    Route = route ? one.Row.RouteKey : null,
                    Day = day ? UtcDays.Of(one.Row.CreatedAt) : null,
                },
                one.Meter,
            })
            .Select(rows => new PaidRow(rows.Key.Key, rows.Key.Meter, rows.Sum(one => one.SpentDelta)));
    }

    /// <summary>A team is not on the record: it is summed by its members first.</summary>
    private static bool ByUser(IReadOnlySet<UsageDimension> by) => by.Contains(UsageDimension.User) || by.Contains(UsageDimension.Team);

    private static UsageSum Sum(
        DeliveredRow row, IEnumerable<PaidRow> paid, IReadOnlySet<UsageDimension> by, IReadOnlyDictionary<Guid, Guid> teams)
    {
        var amounts = paid.ToDictionary(one => one.Meter, one => one.Amount);
        return new UsageSum
        {
            UserId = by.Contains(UsageDimension.User) ? row.Key.User : null,
            TeamId = row.Key.User is { } user && teams.TryGetValue(user, out var team) ? team : null,
            ApiKeyId = row.Key.ApiKey,
            Model = row.Key.Model,
            Provider = row.Key.Provider,
            RouteKey = row.Key.Route,
            Day = row.Key.Day is { } day ? UtcDays.ToDate(day) : null,
            Calls = row.Calls,
            PromptTokens = row.PromptTokens,
            CachedTokens = row.CachedTokens,
            AnswerTokens = row.AnswerTokens,
            Images = row.Images,
            Credits = amounts.GetValueOrDefault(Meter.Credits),
            Wallet = amounts.GetValueOrDefault(Meter.Wallet),
            KeyBudget = amounts.GetValueOrDefault(Meter.KeyBudget),
            TeamBudget = amounts.GetValueOrDefault(Meter.TeamBudget),
            PlanTokens = amounts.GetValueOrDefault(Meter.Tokens),
        };
    }

    private static UsageSum Blank(UsageSum sum) => new()
    {
        UserId = sum.UserId,
        TeamId = sum.TeamId,
        ApiKeyId = sum.ApiKeyId,
        Model = sum.Model,
        Provider = sum.Provider,
        RouteKey = sum.RouteKey,
        Day = sum.Day,
    };

    private static UsageSum Total(IGrouping<UsageSum, UsageSum> sums) => sums.Key with
    {
        Calls = sums.Sum(sum => sum.Calls),
        PromptTokens = sums.Sum(sum => sum.PromptTokens),
        CachedTokens = sums.Sum(sum => sum.CachedTokens),
        AnswerTokens = sums.Sum(sum => sum.AnswerTokens),
        Images = sums.Sum(sum => sum.Images),
        Credits = sums.Sum(sum => sum.Credits),
        Wallet = sums.Sum(sum => sum.Wallet),
        KeyBudget = sums.Sum(sum => sum.KeyBudget),
        TeamBudget = sums.Sum(sum => sum.TeamBudget),
        PlanTokens = sums.Sum(sum => sum.PlanTokens),
    };

    private sealed record GroupKey
    {
        public Guid? User { get; init; }

        public Guid? ApiKey { get; init; }

        public string? Model { get; init; }

        public string? Provider { get; init; }

        public string? Route { get; init; }

        public int? Day { get; init; }
    }

    private sealed record DeliveredRow(GroupKey Key, long Calls, long PromptTokens, long CachedTokens, long AnswerTokens, long Images);

    private sealed record PaidRow(GroupKey Key, Meter Meter, long Amount);
}
