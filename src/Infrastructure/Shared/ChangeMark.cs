using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>One row that gets a new value in the transaction of every change to something that processes keep in memory.</summary>
internal sealed class ChangeMark
{
    /// <summary>There is one row.</summary>
    public const int TheOnlyId = 1;

    public int Id { get; init; } = TheOnlyId;

    /// <summary>A new UUIDv7 each time: two changes at once leave one of two values that were never seen, so none is missed.</summary>
    public Guid Value { get; init; }
}

internal sealed class ChangeMarkConfiguration : IEntityTypeConfiguration<ChangeMark>
{
    public void Configure(EntityTypeBuilder<ChangeMark> builder)
    {
        builder.ToTable("change_marks", table => table.HasCheckConstraint("ck_change_marks_one_row", $"id = {ChangeMark.TheOnlyId}"));
        builder.Property(mark => mark.Id).ValueGeneratedNever();
        builder.HasData(new ChangeMark());
    }
}

internal static class ChangeMarks
{
    /// <summary>Sets a new mark in the current transaction, for a change that no tracked row shows.</summary>
    public static Task<int> SetChangeMarkAsync(this AppDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var value = Guid.CreateVersion7(now);
        return db.Set<ChangeMark>().ExecuteUpdateAsync(set => set.SetProperty(mark => mark.Value, value), cancellationToken);
    }
}

/// <summary>Reads the mark.</summary>
internal sealed class ChangeMarkReader(IDbContextFactory<AppDbContext> contexts)
{
    public async Task<Guid> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<ChangeMark>().Select(mark => mark.Value).SingleAsync(cancellationToken);
    }
}

/// <summary>
/// Sets a new mark with every save that changes or removes a row that processes keep in memory. Where the absence of a row is
/// kept as well, a new one needs a mark too.
/// </summary>
internal sealed class ChangeMarkInterceptor(TimeProvider time) : SaveChangesInterceptor
{
    private static readonly HashSet<Type> Kept = [typeof(User), typeof(ApiKey), typeof(AccessToken), typeof(Session), typeof(Endpoint), typeof(TierAllowance)];

    private static readonly HashSet<Type> KeptWithAbsence =
    [
        typeof(SpendingLimit), typeof(FundingRule), typeof(ModelPrice), typeof(AiModel), typeof(ModelAllowance), typeof(AnswerCacheRule),
        typeof(SigningKey), typeof(EndpointAccess), typeof(Plan), typeof(Subscription),
    ];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && db.ChangeTracker.Entries().Any(IsNoticed))
        {
            db.Entry(new ChangeMark { Value = Guid.CreateVersion7(time.GetUtcNow()) }).State = EntityState.Modified;
        }

        return ValueTask.FromResult(result);
    }

    // A context may save again, with a new mark.
    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Detach(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Detach(eventData.Context);
        return Task.CompletedTask;
    }

    private static bool IsNoticed(EntityEntry row) => row.State switch
    {
        EntityState.Modified or EntityState.Deleted => Kept.Contains(row.Metadata.ClrType) || KeptWithAbsence.Contains(row.Metadata.ClrType),
        EntityState.Added => KeptWithAbsence.Contains(row.Metadata.ClrType),
        _ => false,
    };

    private static void Detach(DbContext? db)
    {
        foreach (var mark in db?.ChangeTracker.Entries<ChangeMark>().ToList() ?? [])
        {
            mark.State = EntityState.Detached;
        }
    }
}
