#include <fmt/format.h>
#include <map>
#include <cmath>
#include <algorithm>
#include <cstdlib>
#include "calibrate/fit/gemm/gemm_fit.hpp"
#include "calibrate/fit/gemm/point_choice.hpp"
#include "traces/gemm_measurements.hpp"
#include "models/gemm/gemm_cost.hpp"
using namespace orrery; using namespace orrery::models::gemm; using namespace orrery::calibrate::fit;
static double q(std::vector<double> v,double f){std::sort(v.begin(),v.end());double at=f*(v.size()-1);size_t b=at;size_t a=std::min(b+1,v.size()-1);return v[b]+(at-b)*(v[a]-v[b]);}
struct Dev{std::string gpu;int sms;double l2,bw,peak;};
int main(int c,char**v){
  auto rows=traces::read_gemm_measurements(v[1]);
  std::string dt=v[2]; int seeds=atoi(v[3]); int mode=c>4?atoi(v[4]):-1; std::string dump=c>5?v[5]:"";
  double f=dt=="INT8"||dt=="FP8"?2:1;
  std::vector<Dev> devs={{"A100_80GB_PCIe",108,40e6,1.935e12,312e12*f},{"H100_PCIe",114,50e6,2.0e12,756e12*f},{"B200",148,126e6,8e12,2250e12*f}};
  for(auto&d:devs) for(auto kern:{GemmKernel::dense,GemmKernel::two_of_four}){
    std::map<std::tuple<long,long,long>,GemmPoint> pts;
    for(auto&r:rows) if(r.gpu==d.gpu&&r.dtype==dt&&r.kernel==kern){GemmPoint p; p.work=kern==GemmKernel::dense?dense_work(r.shape):two_of_four_work(r.shape);p.work.element_bytes=r.element_bytes();p.seconds=r.seconds;pts.emplace(std::tuple{r.shape.m,r.shape.n,r.shape.k},p);}
    if(pts.size()<50) continue;
    std::vector<GemmPoint> all; std::vector<GemmShape> sh; for(auto&[k,p]:pts){all.push_back(p);sh.push_back(p.work.shape);}
    GemmMachine m; m.name=d.gpu;m.multiprocessors=d.sms;m.cache_bytes=d.l2;m.memory_bytes_per_second=d.bw;m.depth_step=64;m.tiles=gpu_tiles();m.splits={1,2,4};
    std::vector<double> med,p90;
    for(int s=1;s<=seeds;s++){
      auto ch=spread_points(sh,24,s); std::vector<GemmPoint> cal,held; for(size_t i=0;i<all.size();i++) (std::binary_search(ch.begin(),ch.end(),i)?cal:held).push_back(all[i]);
      GemmFitOptions o; o.seed=s; if(getenv("EV"))o.evaluations=atoi(getenv("EV"));if(getenv("ST"))o.starts=atoi(getenv("ST"));if(getenv("DR"))o.draws=atoi(getenv("DR"));if(getenv("PW"))o.prior_weight=atof(getenv("PW"));if(getenv("RES"))o.residual=atof(getenv("RES")); GemmMachine fm; GemmForm form; std::vector<FormScore> sc;
      if(mode<0){auto g=fit_gemm(cal,m,usual_rates(d.peak),o); fm=g.machine; form=g.form; sc=g.scores;}
      else {form.cache=mode&1;form.saturation=mode&2;form.throttle=mode&4;form.latency=mode&16;form.order=mode&8?TileOrder::blocks:TileOrder::panels; fm=fit_rates(cal,m,usual_rates(d.peak),form,o);}
      auto e=log_errors(fm,held); auto raw=e; auto et=log_errors(fm,cal); for(auto&x:e)x=std::abs(x);for(auto&x:et)x=std::abs(x);
      med.push_back(q(e,.5)*100);p90.push_back(q(e,.9)*100);
      auto&r=kern==GemmKernel::dense?fm.dense:*fm.two_of_four;
      if(s==1){fmt::print("{} {} {} n={} [{}] train {:.1f}/{:.1f} held {:.1f}/{:.1f} | t0 {:.1f}us P {:.0f}T e {:.2f} {:.2f} {:.2f} beta {:.2f} kf {:.0f} cache {:.2f} sat {:.2f} thr {:.2f}@{:.2g} row {:.2g} split {:.2g}\n",d.gpu,dt,to_string(kern),all.size(),to_string(form),q(et,.5)*100,q(et,.9)*100,med[0],p90[0],r.start_seconds*1e6,r.flops_per_second/1e12,r.tile_efficiency[1],r.tile_efficiency[2],r.tile_efficiency[3],r.bandwidth_fraction,r.fill_rows,r.cache_speedup,r.saturating_fraction,r.throttle_depth,r.throttle_seconds,r.row_seconds,r.split_seconds);
       for(auto&x:sc) fmt::print("     cv {:.3f} {}\n",x.error,to_string(x.form));
       if(dump==d.gpu&&(c<=6||std::string(v[6])==to_string(kern))) for(size_t i=0;i<held.size();i++){auto gc=gemm_cost(held[i].work,fm);auto&g=held[i].work.shape; fmt::print("  {:6d} {:6d} {:6d} meas {:9.1f} pred {:9.1f} err {:+.2f} comp {:.1f} mem {:.1f} tile {}x{} split {}\n",g.m,g.n,g.k,held[i].seconds*1e6,gc.seconds*1e6,raw[i],gc.compute_seconds*1e6,gc.memory_seconds*1e6,gc.tile.rows,gc.tile.columns,gc.split);}
      }
    }
    if(seeds>1) fmt::print("   spread over {} seeds: median {:.1f} [{:.1f} {:.1f}], p90 {:.1f} [{:.1f} {:.1f}]\n",seeds,q(med,.5),q(med,0),q(med,1),q(p90,.5),q(p90,0),q(p90,1));
    fflush(stdout);
  }
}
