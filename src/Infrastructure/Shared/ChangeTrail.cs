using System.Globalization;
using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using CatalogueEndpoint = AiPlatform.Domain.Operations.Endpoint;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// Writes down with every save what it changes of the things that decide who may do what: no use case can forget it, and it is
/// committed with the change or not at all.
/// </summary>
internal sealed class ChangeTrail(IHttpContextAccessor http, TimeProvider time) : SaveChangesInterceptor
{
    private static readonly Dictionary<Type, string> Kinds = new()
    {
        [typeof(User)] = "user",
        [typeof(PersonProfile)] = "profile",
        [typeof(Team)] = "team",
        [typeof(ApiKey)] = "api_key",
        [typeof(SigningKey)] = "signing_key",
        [typeof(CatalogueEndpoint)] = "endpoint",
        [typeof(TierAllowance)] = "tier_allowance",
        [typeof(SpendingLimit)] = "spending_limit",
        [typeof(FundingRule)] = "funding_rule",
        [typeof(ModelPrice)] = "model_price",
        [typeof(ModelAllowance)] = "model_allowance",
        [typeof(EndpointAccess)] = "endpoint_access",
        [typeof(AnswerCacheRule)] = "answer_cache_rule",
        [typeof(Plan)] = "plan",
        [typeof(Subscription)] = "subscription",
    };

    /// <summary>That they changed is told, and not to what.</summary>
    private static readonly HashSet<string> Secrets =
    [
        nameof(User.PasswordHash), nameof(User.GoogleSubject), nameof(ApiKey.Hash), nameof(ApiKey.SealedSecret),
    ];

    /// <summary>What changes with every use and says nothing.</summary>
    private static readonly HashSet<string> Noise = [nameof(User.ModifiedAt), nameof(User.LastSignInAt)];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is AppDbContext db)
        {
            db.AddRange(db.ChangeTracker.Entries().Where(row => Kinds.ContainsKey(row.Metadata.ClrType)).Select(Describe).OfType<AdministrativeChange>().ToList());
        }

        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        foreach (var change in eventData.Context?.ChangeTracker.Entries<AdministrativeChange>().ToList() ?? [])
        {
            change.State = EntityState.Detached;
        }

        return Task.CompletedTask;
    }

    private AdministrativeChange? Describe(EntityEntry row)
    {
        ChangeAction? action = row.State switch
        {
            EntityState.Added => ChangeAction.Create,
            EntityState.Modified => ChangeAction.Update,
            EntityState.Deleted => ChangeAction.Delete,
            _ => null,
        };
        var changed = row.Properties.Where(property => IsTold(row, property)).ToList();
        if (action is null || (action is ChangeAction.Update && changed.Count == 0))
        {
            return null;
        }

        var services = http.HttpContext?.RequestServices;
        var call = services?.GetService<ICallContext>();
        var now = time.GetUtcNow();
        return new AdministrativeChange
        {
            Id = Guid.CreateVersion7(now),
            RequestId = call?.RequestId,
            ActorId = services?.GetService<CallRecord>()?.Caller?.UserId,
            Action = action.Value,
            Kind = Kinds[row.Metadata.ClrType],
            ResourceId = KeyOf(row),
            Before = action is ChangeAction.Create ? null : Write(changed, property => property.OriginalValue),
            After = action is ChangeAction.Delete ? null : Write(changed, property => property.CurrentValue),
            IpAddress = call?.IpAddress,
            ChangedAt = now,
        };
    }

    private static bool IsTold(EntityEntry row, PropertyEntry property) =>
        !Noise.Contains(property.Metadata.Name)
        && (row.State is not EntityState.Modified || (property.IsModified && !Equals(property.OriginalValue, property.CurrentValue)));

    private static string Write(List<PropertyEntry> properties, Func<PropertyEntry, object?> valueOf) =>
        JsonSerializer.Serialize(properties.ToDictionary(
            property => property.Metadata.GetColumnName(),
            property => Secrets.Contains(property.Metadata.Name) ? AuditText.Redacted : TextOf(valueOf(property))));

    private static object? TextOf(object? value) => value switch
    {
        null or bool or int or long => value,
        string text => AuditText.Cut(text, AdministrativeChange.MaxTextLength),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        IEnumerable<string> texts => string.Join(' ', texts),
        IEnumerable<Guid> ids => string.Join(' ', ids),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string KeyOf(EntityEntry row) => AuditText.Cut(
        string.Join('/', row.Metadata.FindPrimaryKey()!.Properties.Select(key => TextOf(row.Property(key.Name).CurrentValue))),
        AdministrativeChange.MaxResourceIdLength)!;
}
