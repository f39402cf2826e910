(()=>{var t=document.documentElement;t.dataset.js="";var e=document.cookie.match(/(?:^|; )theme=(light|dark|system)/);e&&e[1]==="system"?delete t.dataset.theme:e&&(t.dataset.theme=e[1]);})();
