// 32-bit calls from a 64-bit process: int $0x80 is audited as arch i386
#include <stdint.h>
#include <sys/mman.h>
#include <string.h>
#include <stdio.h>
static long call(long n, long a, long b, long c){ long r; __asm__ volatile("int $0x80":"=a"(r):"a"(n),"b"(a),"c"(b),"d"(c):"memory","r8","r9","r10","r11"); return r; }
int main(int argc,char**argv){
  char *p = mmap(0,65536,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANONYMOUS|0x40/*MAP_32BIT*/,-1,0);
  strcpy(p,"/tmp/fifo32");
  call(14,(long)p,010644,0);           // mknod
  call(10,(long)p,0,0);                // unlink
  uint32_t *s=(uint32_t*)(p+4096); s[0]=1;s[1]=1;s[2]=0;
  long fd=call(102,1,(long)s,0);       // socketcall SOCKET
  char*sa=p+8192; sa[0]=1;sa[1]=0; strcpy(sa+2,"/run/none32.sock");
  s[0]=fd;s[1]=(uint32_t)(long)sa;s[2]=110;
  call(102,3,(long)s,0);               // socketcall CONNECT
  call(362,fd,(long)sa,110);           // connect
  call(6,fd,0,0);
  if(argc>1){ strcpy(p+12288,argv[1]); uint32_t*v=(uint32_t*)(p+16384); v[0]=(uint32_t)(long)(p+12288); v[1]=0; v[2]=0; call(11,(long)(p+12288),(long)v,(long)(v+2)); }
  return 0; }
