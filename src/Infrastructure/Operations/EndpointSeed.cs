using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Puts every metered route into the catalogue. Rows are only added, so that an administrator's changes stay.</summary>
internal static class EndpointSeed
{
    public static async Task ApplyAsync(AppDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await db.Set<Endpoint>().Select(endpoint => endpoint.RouteKey).ToListAsync(cancellationToken);
        foreach (var route in MeteredRoutes.All.Where(route => !known.Contains(route.Key)))
        {
            var endpoint = new Endpoint(route.Name, route.Path, route.Description, route.Cost, time.GetUtcNow());
            endpoint.BindTo(route.Key);
            db.Add(endpoint);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
